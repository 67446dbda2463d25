package core

// Diagnosis is what a look at everything between the app and its work has found so far.
type Diagnosis struct {
	Running  bool      `json:"running"`
	At       int64     `json:"at"` // when it began
	Findings []Finding `json:"findings"`
}

// Finding is one line of it. The page has a sentence for each Check and Code, and what to do.
type Finding struct {
	Check string       `json:"check"` // what was looked at; the names are those of diagnoses and of Options.Checks
	State FindingState `json:"state"`
	Code  string       `json:"code"` // what was found; empty while it is being looked at
	// Fields are the particulars for the sentence. They hold no secret and no message, and the home folder is "~".
	Fields map[string]string `json:"fields"`
	MS     int64             `json:"ms"` // how long it took
}

// FindingState says how bad it is.
type FindingState string

// The states of a Finding.
const (
	FindingWaiting FindingState = "waiting" // not looked at yet
	FindingOK      FindingState = "ok"
	FindingInfo    FindingState = "info" // neither good nor bad
	FindingWarn    FindingState = "warn" // works, but something is amiss
	FindingBad     FindingState = "bad"
	FindingSkipped FindingState = "skipped" // something before it failed, or it is not needed
)
