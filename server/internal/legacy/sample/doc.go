// Package sample makes an original Hi_Msg to try the import with: its database, as its program made the tables, and its folder of
// uploads, with the defects that the original was known for. Tests and himsg-bench use it. The same options make the same company.
// Start with Make.
package sample
