// Package original reads an original Hi_Msg: its MySQL or MariaDB database and its folder of uploads. It implements legacy.Source and
// legacy.Uploads, and only reads: an account that may do nothing but select is enough, and the session says so itself. Package app
// opens it. Start with Open and OpenFolder.
package original
