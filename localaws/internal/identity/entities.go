package identity

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The changes of users and roles. All of them run under the Directory's lock
// and know nothing of permissions.

// newEntity is what goes for users and roles alike; kind is "User" or "Role".
type newEntity struct {
	name, path, boundary string
	tags                 map[string]string
}

func (d *Directory) addUser(accountID string, a *account, n newEntity) (*entity, error) {
	if a.users[n.name] != nil {
		return nil, exists("User with name %s already exists.", n.name)
	}
	e, err := d.entity("User", "AIDA", accountID, n)
	if err != nil {
		return nil, err
	}
	a.users[n.name] = e
	return e, nil
}

func (d *Directory) addRole(accountID string, a *account, n newEntity, trust policy, description string, maxSession time.Duration) (*entity, error) {
	if a.roles[n.name] != nil {
		return nil, exists("Role with name %s already exists.", n.name)
	}
	maxSession, err := roleSession(maxSession)
	if err != nil {
		return nil, err
	}
	e, err := d.entity("Role", "AROA", accountID, n)
	if err != nil {
		return nil, err
	}
	e.trust, e.description, e.maxSession = trust, description, maxSession
	a.roles[n.name] = e
	return e, nil
}

// roleSession is how long a session of a role may be; 0 means the default.
func roleSession(longest time.Duration) (time.Duration, error) {
	if longest == 0 {
		longest = minRoleSession
	}
	if longest < minRoleSession || longest > maxRoleSession {
		return 0, invalid("MaxSessionDuration %d: want 3600 to 43200 seconds", int(longest/time.Second))
	}
	return longest, nil
}

func (d *Directory) entity(kind, prefix, accountID string, n newEntity) (*entity, error) {
	if err := checkName(strings.ToLower(kind)+"Name", n.name, 64); err != nil {
		return nil, err
	}
	path, err := checkPath(n.path)
	if err != nil {
		return nil, err
	}
	if n.boundary != "" && d.managed(n.boundary) == nil {
		return nil, noSuchEntity("Scope ARN: %s does not exist or is not attachable.", n.boundary)
	}
	return &entity{
		arn:  api.ARN("iam", "", accountID, strings.ToLower(kind)+path+n.name),
		id:   uniqueID(prefix, 17),
		path: path, name: n.name, boundary: n.boundary, created: d.now(),
		inline: map[string]policy{}, tags: maps.Clone(n.tags),
	}, nil
}

// entities are the users or the roles, by name.
func (a *account) entities(kind string) map[string]*entity {
	if kind == "Role" {
		return a.roles
	}
	return a.users
}

// lookup finds a user or role by its name.
func (a *account) lookup(kind, name string) (*entity, error) {
	e := a.entities(kind)[name]
	if e == nil {
		return nil, noSuchEntity("The %s with name %s cannot be found.", strings.ToLower(kind), name)
	}
	return e, nil
}

// put sets an inline policy. All inline policies together have a limit.
func (e *entity) put(name string, p policy) error {
	if err := checkName("policyName", name, 128); err != nil {
		return err
	}
	limit, kind := maxInlineUser, "user"
	if e.isRole() {
		limit, kind = maxInlineRole, "role"
	}
	total := size(p.text)
	for other, old := range e.inline {
		if other != name {
			total += size(old.text)
		}
	}
	if total > limit {
		return tooLarge("Maximum policy size of %d bytes exceeded for %s %s", limit, kind, e.name)
	}
	e.inline[name] = p
	return nil
}

// attach adds a managed policy; one that is attached already stays so.
func (d *Directory) attach(e *entity, arn string) error {
	if err := d.attachable(e, arn); err != nil {
		return err
	}
	if !slices.Contains(e.attached, arn) {
		e.attached = append(e.attached, arn)
	}
	return nil
}

// attachable: a customer managed policy attaches within its own account only.
func (d *Directory) attachable(e *entity, arn string) error {
	own := AccountOf(e.arn)
	if a, _ := parseARN(arn); d.managed(arn) == nil || a.AccountID != "aws" && a.AccountID != own {
		return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
	}
	return nil
}

func (e *entity) detach(arn string) error {
	i := slices.Index(e.attached, arn)
	if i < 0 {
		return noSuchEntity("Policy %s was not found.", arn)
	}
	e.attached = slices.Delete(e.attached, i, i+1)
	return nil
}

// removable: AWS deletes no user or role that still has policies.
func (e *entity) removable() error {
	switch {
	case len(e.attached) > 0:
		return conflict("Cannot delete entity, must detach all policies first.")
	case len(e.inline) > 0:
		return conflict("Cannot delete entity, must delete policies first.")
	}
	return nil
}

func (e *entity) isRole() bool { return strings.HasPrefix(e.id, "AROA") }

func exists(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusConflict, "EntityAlreadyExists", format, args...)
}

func conflict(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusConflict, "DeleteConflict", format, args...)
}
