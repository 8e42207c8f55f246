"""What may be on this laptop, and what has to leave it: nothing leaves before it is sent, or saved where its writer finds it."""
