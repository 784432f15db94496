"""The workshop room: one agenda, what is voted on in it, and the phones that vote. Source: method §8.1."""
