package cert

// WeakPassphrase makes passphrases cheap to test.
func (r *Request) WeakPassphrase() { r.workFactor = 10 }
