"""A campaign told to people: a page to open in a browser, a summary for a pull request. Pure: values in, text out."""
