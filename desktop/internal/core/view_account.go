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
