"""The explorer: a run as a tree of resources, for the API, the pages and the plain files of a site."""
