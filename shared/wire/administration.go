package wire

// This file holds the bodies of what administrators do about accounts, and of one's own devices.

// SessionList is GET /api/sessions (mine) and GET /api/admin/users/{user_uuid}/sessions, the last seen first.
type SessionList struct {
	Sessions []DeviceSession `json:"sessions"`
}

// DeviceSession is a device that is signed in.
type DeviceSession struct {
	SessionUUID string `json:"session_uuid"`
	DeviceUUID  string `json:"device_uuid"`
	DeviceName  string `json:"device_name"`
	Platform    string `json:"platform"`
	AppVersion  string `json:"app_version"`
	RemoteAddr  string `json:"remote_addr"`
	SignedInAt  Time   `json:"signed_in_at"`
	LastSeenAt  Time   `json:"last_seen_at"` // when it last renewed its token
	Current     bool   `json:"current"`      // it is the one that asks
}

// EndedSessions is the answer of requests that end sessions.
type EndedSessions struct {
	Message string `json:"message"`
	Ended   int    `json:"ended"`
}

// ReasonRequest is the body of what an administrator gives a reason for.
type ReasonRequest struct {
	Reason string `json:"reason,omitempty"`
}
