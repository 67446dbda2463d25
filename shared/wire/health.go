package wire

// Health is GET /api/admin/health: how the server is, for administrators. It holds nothing secret: no path, no address.
type Health struct {
	At          Time         `json:"at"` // by the server's clock
	StartedAt   Time         `json:"started_at"`
	Version     string       `json:"version"`
	CompanyName string       `json:"company_name"`
	Lines       []HealthLine `json:"lines"`
}

// HealthState says whether somebody has to do something.
type HealthState string

// The states of a line.
const (
	HealthOK   HealthState = "ok"
	HealthWarn HealthState = "warn"
	HealthBad  HealthState = "bad"
	HealthOff  HealthState = "off" // the server has no such thing, or knows nothing of it
)

// HealthLine is one thing that was looked at. Cause narrows its state to what the reader's side has a sentence for; Figures go into
// that.
type HealthLine struct {
	Name    string           `json:"name"`
	State   HealthState      `json:"state"`
	Cause   string           `json:"cause,omitempty"`
	Text    string           `json:"text,omitempty"` // a name or version
	Figures map[string]int64 `json:"figures,omitempty"`
}

// The lines, in their order.
const (
	HealthDatabase    = "database"    // figures latency_us, bytes
	HealthDisk        = "disk"        // figures free, total (bytes)
	HealthFiles       = "files"       // of files, when they lie on another disk or in a bucket
	HealthSockets     = "sockets"     // figures sockets, people
	HealthQueues      = "queues"      // figures messages, reads, rooms (that wait for the search index)
	HealthCertificate = "certificate" // figure until (milliseconds)
	HealthClock       = "clock"
	HealthScanner     = "scanner"
	HealthDirectory   = "directory" // the last look at the company's own: figures at, people, changed, left, problems
	HealthApps        = "apps"      // devices by the version of their app, at most MaxAppVersions; Text: the version that is handed out
	HealthNodes       = "nodes"     // several servers on one database: figure nodes, the others that are heard
	HealthBackup      = "backup"    // the last one, by the audit: figure at
)

// MaxAppVersions bounds the figures of HealthApps.
const MaxAppVersions = 20
