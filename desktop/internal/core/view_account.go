package core

import "himsg/shared/wire"

// This file holds what crosses the bridge about one's own account, see view.go.

// PasswordReset is a request for a new password that was made on this device. The secret that belongs to it never leaves core.
type PasswordReset struct {
	Username    string `json:"username"`
	CompareCode string `json:"compare_code"` // the person says it to the administrator who rings
	// State is one of wire's, or ResetLost. Completed: the password was set from here.
	State     wire.ResetStatus `json:"state"`
	Reason    string           `json:"reason"`     // of a rejection
	ExpiresAt int64            `json:"expires_at"` // of the request, once approved of the approval
}

// ResetLost says that this device can't follow its request any more: its secret can't be had, or the server forgot the request.
const ResetLost wire.ResetStatus = "lost"

// OwnProfile is what the signed-in person may know and change of himself, beside Me.
type OwnProfile struct {
	BirthDate string       `json:"birth_date"`
	Editable  []wire.Field `json:"editable"` // what administrators let people change by themselves
}

// Device is a signed-in device of the person.
type Device struct {
	SessionUUID string `json:"session_uuid"`
	Name        string `json:"name"`
	Platform    string `json:"platform"` // windows, linux, darwin; empty: not told
	AppVersion  string `json:"app_version"`
	Address     string `json:"address"`
	SignedInAt  int64  `json:"signed_in_at"`
	LastSeenAt  int64  `json:"last_seen_at"`
	Current     bool   `json:"current"` // it is this one
}

// DeviceQuery asks for signed-in devices. Empty fields don't narrow it. Before is the Next of the page before, 0 at first.
type DeviceQuery struct {
	Text     string `json:"text"`
	Platform string `json:"platform"`
	Before   int64  `json:"before"`
}

// DevicePage is a page of everybody's signed-in devices, the latest sign-in first.
type DevicePage struct {
	Devices []PersonDevice `json:"devices"`
	Next    int64          `json:"next"` // 0: no more
}

// PersonDevice is a signed-in device, and whose it is.
type PersonDevice struct {
	Device
	UserUUID   string `json:"user_uuid"`
	PersonName string `json:"person_name"`
	Username   string `json:"username"`
	Department string `json:"department"`
}
