"""How the offline player talks: phrase banks, composition, dialects, traits and surface noise. Pure and seeded."""
