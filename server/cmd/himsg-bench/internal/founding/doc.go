// Package founding makes companies of any size straight in a server's database, in statements that make many rows each: people,
// some of them signed in already, rooms, and what was said in them. A hundred thousand people who sign in one after the other
// would take an hour. Packages growth, sockets and faults import it. Start at Found.
package founding
