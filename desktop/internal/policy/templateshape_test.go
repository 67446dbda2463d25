package policy

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// node is one element of a template.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

// rule is what an element may hold: its children, each name with a blank behind it, and its attributes. An attribute whose pattern ends
// in ? may be missing.
type rule struct {
	children string
	attrs    map[string]string
}

// What Windows takes of a template: the ADMX schema of [MS-GPREG] and the ADMX syntax reference, as far as ours use it. The editor of
// group policy refuses a whole file for one element out of order.
const (
	version      = `[0-9]{1,4}\.[0-9]{1,5}`
	itemName     = `[\p{L}\p{N}_]+`
	stringRef    = `\$\(string\.[\p{L}\p{N}_]+\)`
	presentRef   = `\$\(presentation\.[\p{L}\p{N}_]+\)`
	number       = `[0-9]{1,9}`
	truth        = `true|false`
	anything     = `.+`
	baseChildren = `(parentCategory )?(seeAlso )*(keywords )?`
)

var shape = map[string]rule{
	"policyDefinitions": {
		`policyNamespaces (supersededAdm )*resources (supportedOn )?(categories )?(policies )?`,
		map[string]string{"revision": version, "schemaVersion": version},
	},
	"policyNamespaces": {`target (using )*`, nil},
	"target":           {``, map[string]string{"prefix": itemName, "namespace": `[^\s]+`}},
	"policyDefinitions/resources": {
		``, map[string]string{"minRequiredRevision": version},
	},
	"policyDefinitions/supportedOn": {`(definitions )?`, nil},
	"definitions":                   {`(definition )+`, nil},
	"definition":                    {``, map[string]string{"name": itemName, "displayName": stringRef}},
	"categories":                    {`(category )+`, nil},
	"category": {
		baseChildren, map[string]string{"name": itemName, "displayName": stringRef, "explainText": stringRef},
	},
	"policies": {`(policy )+`, nil},
	"policy": {
		baseChildren + `supportedOn (enabledValue )?(disabledValue )?(elements )?`,
		map[string]string{
			"name": itemName, "class": `User|Machine|Both`, "displayName": stringRef, "explainText": stringRef,
			"presentation": presentRef + `?`, "key": anything, "valueName": anything + `?`,
		},
	},
	"parentCategory":        {``, map[string]string{"ref": itemName}},
	"policy/supportedOn":    {``, map[string]string{"ref": itemName}},
	"enabledValue":          {`decimal `, nil},
	"disabledValue":         {`decimal `, nil},
	"enabledValue/decimal":  {``, map[string]string{"value": number}},
	"disabledValue/decimal": {``, map[string]string{"value": number}},
	"elements":              {`((text|decimal) )+`, nil},
	"elements/text": {
		``, map[string]string{"id": anything, "valueName": anything, "required": truth, "maxLength": number},
	},
	"elements/decimal": {
		``, map[string]string{"id": anything, "valueName": anything, "required": truth, "minValue": number, "maxValue": number},
	},
	"policyDefinitionResources": {
		`displayName description resources `, map[string]string{"revision": version, "schemaVersion": version},
	},
	"displayName":                         {``, nil},
	"description":                         {``, nil},
	"policyDefinitionResources/resources": {`(stringTable )?(presentationTable )?`, nil},
	"stringTable":                         {`(string )+`, nil},
	"string":                              {``, map[string]string{"id": itemName}},
	"presentationTable":                   {`(presentation )+`, nil},
	"presentation":                        {`((textBox|decimalTextBox) )*`, map[string]string{"id": itemName}},
	"textBox":                             {`label (defaultValue )?`, map[string]string{"refId": anything}},
	"label":                               {``, nil},
	"decimalTextBox":                      {``, map[string]string{"refId": anything, "defaultValue": number}},
}

// TestTemplatesHaveTheShapeThatWindowsTakes looks at every element and attribute of the templates.
func TestTemplatesHaveTheShapeThatWindowsTakes(t *testing.T) {
	for _, name := range []string{"himsg.admx", "ko-KR/himsg.adml", "en-US/himsg.adml"} {
		text, err := os.ReadFile(filepath.Join(templates, name))
		if err != nil {
			t.Fatal(err)
		}
		var root node
		if err := xml.Unmarshal(text, &root); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, fault := range shapeFaults("", root) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	for what, text := range map[string]string{
		"an unknown element":       `<policies><rule/></policies>`,
		"elements out of order":    `<policyDefinitionResources revision="1.0" schemaVersion="1.0"><description/><displayName/><resources/></policyDefinitionResources>`,
		"an attribute missing":     `<definition name="any"/>`,
		"an attribute of no worth": `<definition name="a b" displayName="$(string.any)"/>`,
		"an unknown attribute":     `<string id="a" lang="ko"/>`,
	} {
		var root node
		if err := xml.Unmarshal([]byte(text), &root); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		settle(&root)
		if len(shapeFaults("", root)) == 0 {
			t.Errorf("%s is not found", what)
		}
	}
}

// settle puts an element into the namespace of templates.
func settle(n *node) {
	n.XMLName.Space = namespace
	for i := range n.Children {
		settle(&n.Children[i])
	}
}

const namespace = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"

func shapeFaults(parent string, n node) (faults []string) {
	name := n.XMLName.Local
	if n.XMLName.Space != namespace {
		faults = append(faults, name+" is in the namespace "+n.XMLName.Space)
	}
	r, known := shape[parent+"/"+name]
	if !known {
		r, known = shape[name]
	}
	if !known {
		return append(faults, name+" is unknown in "+parent)
	}
	var children strings.Builder
	for _, child := range n.Children {
		children.WriteString(child.XMLName.Local + " ")
		faults = append(faults, shapeFaults(name, child)...)
	}
	if !regexp.MustCompile(`^(?:` + r.children + `)$`).MatchString(children.String()) {
		faults = append(faults, name+" holds "+children.String())
	}
	given := map[string]string{}
	for _, a := range n.Attrs {
		if a.Name.Local == "xmlns" || a.Name.Space == "xmlns" {
			continue
		}
		given[a.Name.Local] = a.Value
		if _, ok := r.attrs[a.Name.Local]; !ok {
			faults = append(faults, name+" has the attribute "+a.Name.Local)
		}
	}
	for attr, pattern := range r.attrs {
		value, there := given[attr]
		must, optional := strings.CutSuffix(pattern, "?")
		if !there && optional {
			continue
		}
		if !regexp.MustCompile(`^(?:` + must + `)$`).MatchString(value) {
			faults = append(faults, name+"'s "+attr+" is "+value)
		}
	}
	return faults
}
