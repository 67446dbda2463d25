package wire

import "fmt"

// AuditCheck is GET /api/admin/audit/verify. Fault is empty when the chain is whole; otherwise it names the entry that is wrong,
// and how, and Cause says the same in parts. Signed is the last entry that the head outside the database names, 0: there is none
// yet.
type AuditCheck struct {
	Whole   bool        `json:"whole"`
	Entries int64       `json:"entries"`
	Head    string      `json:"head"`
	Signed  int64       `json:"signed"`
	Fault   string      `json:"fault,omitempty"`
	Cause   *AuditFault `json:"cause,omitempty"`
}

// AuditFaultKind is a way in which the chain of the audit can be wrong.
type AuditFaultKind string

// Kinds of fault, with the numbers that they give.
const (
	AuditFaultChanged     AuditFaultKind = "changed"      // entry
	AuditFaultUnlinked    AuditFaultKind = "unlinked"     // entry: it does not follow the one before it
	AuditFaultHeadMissing AuditFaultKind = "head_missing" // entry: it was signed as the last one
	AuditFaultHeadDiffers AuditFaultKind = "head_differs" // entry: it is not the one that was signed
	AuditFaultHeadChanged AuditFaultKind = "head_changed" // none: the signed head itself was changed
	AuditFaultEndCut      AuditFaultKind = "end_cut"      // entry: signed as the last of expected; the chain ends with found
	AuditFaultEndMissing  AuditFaultKind = "end_missing"  // expected entries were written, found are there
)

// AuditFault is the first thing that is wrong with the chain.
type AuditFault struct {
	Kind     AuditFaultKind `json:"kind"`
	Entry    int64          `json:"entry,omitempty"`
	Expected int64          `json:"expected,omitempty"`
	Found    int64          `json:"found,omitempty"`
}

// String says it as the command line does.
func (f AuditFault) String() string {
	switch f.Kind {
	case AuditFaultChanged:
		return fmt.Sprintf("entry %d was changed", f.Entry)
	case AuditFaultUnlinked:
		return fmt.Sprintf("entry %d does not follow the one before it", f.Entry)
	case AuditFaultHeadMissing:
		return fmt.Sprintf("entry %d was signed as the last one and is missing", f.Entry)
	case AuditFaultHeadDiffers:
		return fmt.Sprintf("entry %d is not the one that was signed", f.Entry)
	case AuditFaultHeadChanged:
		return "the signature of audit.head is wrong: the file was changed"
	case AuditFaultEndCut:
		return fmt.Sprintf("entry %d was signed as the last one of %d, but the chain ends with entry %d: its end was cut off",
			f.Entry, f.Expected, f.Found)
	case AuditFaultEndMissing:
		return fmt.Sprintf("%d entries were written, %d are there: the end is missing", f.Expected, f.Found)
	default:
		return ""
	}
}
