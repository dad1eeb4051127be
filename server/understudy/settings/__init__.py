"""`understudy.yaml`: targets, models, files and defaults; secrets only ever as names of environment variables."""
