package identity

import (
	"crypto/rand"
	"encoding/base64"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// key is an access key with its secret.
type key struct {
	id, secret string
	created    time.Time
	caller     iam.Caller
	owner      string // ARN of the user or role
	ownerID    string // its unique id: a later namesake doesn't inherit the key

	// Of temporary credentials only.
	token   string
	expires time.Time
	session []iam.Source
}

// Credential is what the front door needs to check a signature.
type Credential struct {
	Secret  string
	Token   string    // session token; "" for long-term keys
	Expires time.Time // zero for long-term keys
	Issued  time.Time
	Caller  iam.Caller
	Session []iam.Source // session policies
}

// Credential finds an access key. A key whose user or role was deleted, or
// deleted and made anew, is not found.
func (d *Directory) Credential(accessKeyID string) (Credential, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	k := d.keys[accessKeyID]
	if k == nil {
		return Credential{}, false
	}
	if e := d.find(k.owner); e == nil || e.id != k.ownerID {
		return Credential{}, false
	}
	return Credential{
		Secret: k.secret, Token: k.token, Expires: k.expires, Issued: k.created,
		Caller: k.caller, Session: k.session,
	}, true
}

// IssueSession makes temporary credentials of a role session. Whether the
// caller may have them is for STS to decide before.
func (d *Directory) IssueSession(roleARN, sessionName string, lifetime time.Duration, session []iam.Source) (api.Credentials, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.find(roleARN)
	if e == nil {
		return api.Credentials{}, noSuchEntity("The role %s cannot be found.", roleARN)
	}
	now := d.now()
	d.dropExpired(now)
	k := &key{
		id: uniqueID("ASIA", 16), secret: secretKey(), created: now,
		caller: iam.RoleSession(e.arn, sessionName), owner: e.arn, ownerID: e.id,
		token: sessionToken(), expires: now.Add(lifetime), session: session,
	}
	d.keys[k.id] = k
	return api.Credentials{
		AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token, Expiration: k.expires,
	}, nil
}

// dropExpired forgets credentials a day after they ended: until then their
// holder is told that they are expired, later that they are unknown.
func (d *Directory) dropExpired(now time.Time) {
	for id, k := range d.keys {
		if !k.expires.IsZero() && now.Sub(k.expires) > 24*time.Hour {
			delete(d.keys, id)
		}
	}
}

// addKey makes a long-term access key of a user. The caller holds the lock.
func (d *Directory) addKey(user *entity) *key {
	k := &key{
		id: uniqueID("AKIA", 16), secret: secretKey(), created: d.now(),
		caller: iam.User(user.arn), owner: user.arn, ownerID: user.id,
	}
	d.keys[k.id] = k
	return k
}

// uniqueID is a prefix ("AKIA", "AROA", ...) with n random characters.
//
// Source: IAM user guide, reference_identifiers, "Understanding unique ID
// prefixes".
func uniqueID(prefix string, n int) string { return prefix + rand.Text()[:n] }

// secretKey is 40 characters. The alphabet is base64's URL-safe one: such a
// key can be pasted into any shell or URL.
func secretKey() string {
	b := make([]byte, 30)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func sessionToken() string {
	b := make([]byte, 96)
	_, _ = rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}
