package api

import (
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxDepth is how deep a JSON body may be nested. Ours are two deep.
const maxDepth = 16

var (
	errNotUTF8 = errors.New("the body is not UTF-8")
	errTooDeep = errors.New("the body is nested too deep")
)

// strictJSON is JSON as we take it: valid UTF-8 (Go's decoder would quietly replace what is not) and not nested deep.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if !utf8.Valid(data) {
			return errNotUTF8
		}
		if depth(data) > maxDepth {
			return errTooDeep
		}
		return json.Unmarshal(data, v)
	},
}

// depth is the deepest nesting in a JSON text. Of a text that isn't JSON it says something, which is enough.
func depth(data []byte) int {
	deepest, now, inString := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}', c == ']':
			now--
		}
	}
	return deepest
}
