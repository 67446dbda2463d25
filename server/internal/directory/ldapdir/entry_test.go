package ldapdir

import (
	"testing"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"himsg/shared/wire"
)

// FuzzEntry reads entries as a server might make them up: nothing unbounded, nothing that is no text, no panic.
func FuzzEntry(f *testing.F) {
	f.Add("uid=kim,ou=영업팀,ou=본사,dc=himsg,dc=test", "kim", "본사 > 영업팀", []byte("0001"))
	f.Add("ou=", "\u202eevil", ">>>//", []byte{0xff, 0})
	f.Add("uid=a+ou=b,dc=test", "", "/", []byte{})
	f.Add("", "0", "0", []byte("0"))
	f.Add("dc=himsg,dc=test", "0", "0", []byte("0"))
	var dirs []*Dir
	for _, s := range []Settings{{DepartmentFrom: "ou"}, {Schema: "ad"}} {
		s.URL, s.BaseDN = "ldaps://ldap.test", "dc=himsg,dc=test"
		d, err := New(s)
		if err != nil {
			f.Fatal(err)
		}
		dirs = append(dirs, d)
	}
	f.Fuzz(func(t *testing.T, dn, text, department string, key []byte) {
		e := &ldap.Entry{DN: dn}
		for _, name := range []string{"uid", "sAMAccountName", "cn", "displayName", "mail", "userAccountControl"} {
			e.Attributes = append(e.Attributes, ldap.NewEntryAttribute(name, []string{text}))
		}
		for _, name := range []string{"departmentNumber", "department"} {
			e.Attributes = append(e.Attributes, ldap.NewEntryAttribute(name, []string{department}))
		}
		for _, name := range []string{"entryUUID", "objectGUID"} {
			e.Attributes = append(e.Attributes, &ldap.EntryAttribute{
				Name: name, Values: []string{string(key)}, ByteValues: [][]byte{key},
			})
		}
		for _, d := range dirs {
			p, ok := d.person(e)
			if ok && (p.Key == "" || p.Username == "" || p.Name == "") {
				t.Fatalf("usable, but %+v", p)
			}
			for _, s := range append(p.Department, p.Key, p.Username, p.Name, p.Email) {
				if !utf8.ValidString(s) || utf8.RuneCountInString(s) > max(wire.MaxFieldRunes, 2*128) {
					t.Fatalf("took %q", s)
				}
			}
		}
	})
}
