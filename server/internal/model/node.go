package model

// Lease is the right to do a job that one server does for all. The zero value is the right of a server that is alone.
type Lease struct {
	Name  string
	Token int64 // grows with each holder
}

// Node is one of the servers on a database.
type Node struct {
	Name      string
	Version   string
	SecretSum string // equal for servers with the same keys
	StartedAt int64  // UTC milliseconds
}
