package wire

// This file holds what signing in by the company's own directory or sign-in server needs.

// SignInWays says, in ServerInfo, how people may sign in besides with a password that this server keeps.
type SignInWays struct {
	// Directory: user name and password of the company's directory (LDAP) are taken too.
	Directory bool `json:"directory"`
	// Browser: the company's sign-in server (OpenID Connect) can be asked; BrowserName is what the button calls it.
	Browser     bool   `json:"browser"`
	BrowserName string `json:"browser_name,omitempty"`
}

// BrowserBeginRequest is POST /api/sign-in/begin: a device wants to sign somebody in by the browser (RFC 8252).
type BrowserBeginRequest struct {
	// RedirectURI is an address of the device's own machine, http://127.0.0.1:PORT/PATH, where it waits for the browser.
	RedirectURI string `json:"redirect_uri"`
	// CodeChallenge is S256 of a verifier that stays on the device (RFC 7636): 43 characters of base64url.
	CodeChallenge string `json:"code_challenge"`
}

// BrowserBeginReply is its answer.
type BrowserBeginReply struct {
	AuthorizationURL string `json:"authorization_url" doc:"For the browser"`
	State            string `json:"state" doc:"Must come back beside the code"`
	Attempt          string `json:"attempt" doc:"For finish; holds for 10 minutes"`
}

// BrowserFinishRequest is POST /api/sign-in/finish, answered with a LoginReply.
type BrowserFinishRequest struct {
	Attempt      string `json:"attempt"`
	State        string `json:"state"`
	Code         string `json:"code"`
	CodeVerifier string `json:"code_verifier"`
	DeviceUUID   string `json:"device_uuid,omitempty"`
	DeviceName   string `json:"device_name,omitempty"`
	Platform     string `json:"platform,omitempty"`
	AppVersion   string `json:"app_version,omitempty"`
}
