"""The restricted-access directory of competent national authorities."""
