package sample

// schema is what the original's models become in MySQL. It has the unique keys of users, and of messages only the primary one. Foreign
// keys are left out: they differ between its versions, and the defects could not be made with them.
var schema = []string{
	`create table users (
		id int not null auto_increment primary key, user_uuid varchar(36) not null unique, name varchar(50) not null,
		employee_id varchar(20) not null unique, birth_date date, position varchar(50), grade varchar(50), department varchar(50),
		email varchar(120) not null unique, username varchar(50) not null unique, password_hash varchar(255) not null,
		is_approved tinyint(1), is_admin tinyint(1), is_rejected tinyint(1), created_at datetime
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table messages (
		id int not null auto_increment primary key, sender_id int, receiver_id int, sender_uuid varchar(36), receiver_uuid varchar(36),
		room_uuid varchar(36), message_text text, image_path varchar(255), file_path varchar(500), file_name varchar(255),
		file_type varchar(50), timestamp datetime, key room_uuid (room_uuid)
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table message_reads (
		id int not null auto_increment primary key, message_id int, reader_uuid varchar(36), read_at datetime
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table chat_room (
		id int not null auto_increment primary key, room_uuid varchar(36) not null, is_group tinyint(1), created_at datetime, name varchar(100)
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table chat_room_member (
		id int not null auto_increment primary key, room_uuid varchar(36), user_uuid varchar(36)
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table password_reset_requests (
		id int not null auto_increment primary key, username varchar(50), employee_id varchar(20), department varchar(50),
		user_uuid varchar(36), status varchar(20), requested_at datetime, processed_at datetime, processed_by int
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
	`create table group_chat_read_status (
		id int not null auto_increment primary key, user_uuid varchar(36), room_uuid varchar(36), last_read_at datetime
	) default charset=utf8mb4 collate=utf8mb4_general_ci`,
}
