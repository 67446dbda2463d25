package wire

// This file holds the bodies of resets of a password. The original asked for three facts that colleagues know; here they only
// say whom a request is about, and what sets the password is the secret of the asking device or a one-time code.

// ResetRequest is POST /api/password-reset/request.
type ResetRequest struct {
	Username   string `json:"username" required:"false"`
	EmployeeID string `json:"employee_id" required:"false"`
	Department string `json:"department" required:"false"`
}

// ResetReceived is its answer, 201, the same whether anybody matches or not. The device keeps Secret; the person tells
// CompareCode to the administrator, by phone or in person.
type ResetReceived struct {
	Message     string `json:"message"`
	RequestID   int64  `json:"request_id"`
	Secret      string `json:"secret"`
	CompareCode string `json:"compare_code"`
	ExpiresAt   Time   `json:"expires_at"`
}

// ResetStatusRequest is POST /api/password-reset/status. The original's three fields may come with it and say nothing.
type ResetStatusRequest struct {
	Secret string `json:"secret" required:"false"`
}

// ResetStatusReply is its answer.
type ResetStatusReply struct {
	Request  ResetEntry `json:"request"`
	UserName string     `json:"user_name"`
}

// ResetStatus is where a request stands.
type ResetStatus string

// The states. A request waits for a day; an approved one can be used once, for ResetApprovedFor.
const (
	ResetPending   ResetStatus = "pending"
	ResetApproved  ResetStatus = "approved"
	ResetRejected  ResetStatus = "rejected"
	ResetCompleted ResetStatus = "completed"
	ResetReplaced  ResetStatus = "replaced" // the password was set in another way
	ResetExpired   ResetStatus = "expired"
)

// ResetEntry is a request as its device sees it, and as administrators do (GET /api/admin/password-reset-requests). The
// device is told UserUUID, UserName and ProcessedBy only once it was approved.
type ResetEntry struct {
	ID          int64       `json:"id"`
	Username    string      `json:"username"`
	EmployeeID  string      `json:"employee_id"`
	Department  string      `json:"department"`
	UserUUID    string      `json:"user_uuid"`
	Status      ResetStatus `json:"status"`
	RequestedAt Time        `json:"requested_at"`
	ProcessedAt *Time       `json:"processed_at"`
	ProcessedBy *string     `json:"processed_by"`
	ExpiresAt   Time        `json:"expires_at"`
	Reason      string      `json:"reason,omitempty"` // of a rejection
	// What follows is for administrators.
	UserName    string `json:"user_name,omitempty"`
	Email       string `json:"email,omitempty"`
	CompareCode string `json:"compare_code,omitempty"` // what the person must be able to say
	RemoteAddr  string `json:"remote_addr,omitempty"`
}

// PasswordResetRequest is POST /api/password-reset/reset: with the Secret of an approved request, or with Username and Code.
type PasswordResetRequest struct {
	Secret      string `json:"secret,omitempty"`
	Username    string `json:"username,omitempty"`
	Code        string `json:"code,omitempty"`
	NewPassword string `json:"new_password" required:"false"`
}

// OneTimeCode is POST /api/admin/users/{user_uuid}/reset-code. The code is shown this once; the person exchanges it for a new
// password within its time and in MaxCodeTries.
type OneTimeCode struct {
	Code      string `json:"code"`
	ExpiresAt Time   `json:"expires_at"`
}

// MaxCodeTries is how often a one-time code may be typed wrong.
const MaxCodeTries = 5
