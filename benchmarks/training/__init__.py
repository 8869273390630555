"""How the verifier of verifiers/ was made; see README.md in this folder."""
