package api

import "time"

// Credentials are temporary security credentials, as a client signs with them.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time
}

// RoleCredentials is what Lambda needs of STS beside the Call: a function runs
// in a process of its own and signs its requests itself.
type RoleCredentials interface {
	// RoleCredentials makes credentials of a session of the role. The trust
	// policy decides, as for STS.AssumeRole.
	RoleCredentials(c Call, roleARN, sessionName string) (Credentials, error)
}
