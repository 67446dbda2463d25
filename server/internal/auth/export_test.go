package auth

// Master shows the secret to tests that forge tokens with the right key.
func (s Secret) Master() []byte { return s.master }
