package directory

import (
	"slices"
	"strings"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// PathMark parts the departments of a path as it is shown; a file may also use a slash.
const PathMark = " > "

// pathIndex knows departments by their paths.
type pathIndex struct {
	byKey  map[string]string   // a path's key → as it is shown
	byName map[string][]string // a name's key → paths
	byUUID map[string]string
	fresh  map[string]bool // paths that don't exist yet
}

func newPathIndex(departments []model.Department) pathIndex {
	p := pathIndex{byKey: map[string]string{}, byName: map[string][]string{}, byUUID: map[string]string{}, fresh: map[string]bool{}}
	named := make(map[string]model.Department, len(departments))
	for _, d := range departments {
		named[d.UUID] = d
	}
	for _, d := range departments {
		var parts []string
		for at, ok := d, true; ok && len(parts) <= wire.MaxDepartmentDepth; at, ok = named[at.ParentUUID] {
			parts = append(parts, at.Name)
		}
		slices.Reverse(parts)
		path := strings.Join(parts, PathMark)
		p.byKey[pathKey(parts)] = path
		p.byName[model.Key(d.Name)] = append(p.byName[model.Key(d.Name)], path)
		p.byUUID[d.UUID] = path
	}
	return p
}

func pathKey(parts []string) string {
	keys := make([]string, len(parts))
	for i, part := range parts {
		keys[i] = model.Key(part)
	}
	return strings.Join(keys, ">")
}

// of is where a person stands; who is in no department of the tree has only what he once said.
func (p pathIndex) of(u model.User) string {
	if path, ok := p.byUUID[u.DepartmentUUID]; ok {
		return path
	}
	return u.Department
}

// resolve finds the department that a file means: a path, or a name that only one has. What does not exist will be made.
func (p pathIndex) resolve(text string) (path string, reason wire.Reason) {
	mark := "/"
	if strings.Contains(text, ">") {
		mark = ">"
	} else if paths := p.byName[model.Key(text)]; len(paths) > 0 { // a name may have a slash in it
		if len(paths) > 1 {
			return "", wire.ReasonDepartmentMany
		}
		return paths[0], ""
	}
	parts := strings.Split(text, mark)
	seen := map[string]bool{}
	for i, part := range parts {
		name, err := departmentName(part)
		switch {
		case err != nil && strings.TrimSpace(part) == "":
			return "", wire.ReasonValueInvalid
		case err != nil:
			return "", wire.ReasonValueTooLong
		case seen[model.Key(name)]:
			return "", wire.ReasonDepartmentCycle
		}
		seen[model.Key(name)], parts[i] = true, name
	}
	if len(parts) > wire.MaxDepartmentDepth {
		return "", wire.ReasonDepartmentDepth
	}
	for i := range parts { // as it is spelled already, as far as it exists
		if known, ok := p.byKey[pathKey(parts[:i+1])]; ok {
			copy(parts, strings.Split(known, PathMark))
		}
	}
	path = strings.Join(parts, PathMark)
	if _, ok := p.byKey[pathKey(parts)]; !ok {
		p.fresh[path] = true
		p.byKey[pathKey(parts)] = path
	}
	return path, ""
}
