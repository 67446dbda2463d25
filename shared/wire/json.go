package wire

import (
	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// asAlways makes the decoder take and refuse what encoding/json does: names in any case, a name twice, arrays of another length.
var asAlways = jsonv1.DefaultOptionsV1()

// Unmarshal is json.Unmarshal of encoding/json, and takes half as long: see docs/adr/0036. Both ends decode with it what comes in
// quantity; a fuzz test holds it to the same results.
func Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v, asAlways) }
