package natsbus

// Decode reads what was sealed, for fuzzing.
func Decode(p []byte) error {
	_, _, err := decode(p)
	return err
}

// Sealed is how an event leaves a node.
func (b *Bus) Sealed(subject string, h []byte) []byte { return seal(b.box, subject, h) }

// Opened is what a node makes of it.
func (b *Bus) Opened(subject string, frame []byte) ([]byte, error) {
	return open(b.box, subject, frame)
}
