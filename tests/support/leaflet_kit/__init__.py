"""The kit that watches leaflets: what a file must tell, what stands on its paper, and every fault between the two."""
