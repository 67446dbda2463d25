package core

// Decided reports whether at least so many messages of this connection were looked at for a notification, and none waits for it.
func (c *Core) Decided(messages int64) bool {
	s, err := c.present()
	if err != nil {
		return false
	}
	n := s.notes
	if !n.desk.TryLock() { // something that waited is being shown, to a test that may hold a lock of its own
		return false
	}
	defer n.desk.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.told >= messages && len(n.waiting) == 0
}
