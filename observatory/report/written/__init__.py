"""What each section says, block by block: the words around the figures that the section's own module gathers."""
