package identity

import (
	"fmt"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// What a test or a demonstration starts from. These ask no policy: whoever
// holds the Directory owns the local AWS.

// AddAdministrator makes a user with the policy AdministratorAccess and
// returns its long-term credentials.
func (d *Directory) AddAdministrator(account, name string) (api.Credentials, error) {
	k, err := d.AddUser(account, name)
	if err != nil {
		return k, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return k, d.attach(d.accounts[account].users[name], "arn:aws:iam::aws:policy/AdministratorAccess")
}

// AddUser makes a user with these inline policies and returns its long-term
// credentials.
func (d *Directory) AddUser(account, name string, policies ...iam.Document) (api.Credentials, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[account]
	if a == nil {
		return api.Credentials{}, noSuchEntity("The account %s cannot be found.", account)
	}
	e, err := d.addUser(account, a, newEntity{name: name})
	if err != nil {
		return api.Credentials{}, err
	}
	if err := e.seed(policies); err != nil {
		return api.Credentials{}, err
	}
	k := d.addKey(e)
	return api.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret}, nil
}

// AddRole makes a role with these inline policies and returns its ARN.
func (d *Directory) AddRole(account, name string, trust iam.Document, policies ...iam.Document) (string, error) {
	checked, err := d.trustPolicy(documentText(trust))
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[account]
	if a == nil {
		return "", noSuchEntity("The account %s cannot be found.", account)
	}
	e, err := d.addRole(account, a, newEntity{name: name}, checked, "", 0)
	if err != nil {
		return "", err
	}
	return e.arn, e.seed(policies)
}

// RemoveRole removes a role with its policies. Its sessions end.
func (d *Directory) RemoveRole(account, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[account]
	if a == nil || a.roles[name] == nil {
		return noSuchEntity("The role with name %s cannot be found.", name)
	}
	delete(a.roles, name)
	return nil
}

// seed gives the policies the names Policy1, Policy2, ...
func (e *entity) seed(policies []iam.Document) error {
	for i, doc := range policies {
		p, err := identityPolicy(documentText(doc))
		if err != nil {
			return err
		}
		if err := e.put(fmt.Sprintf("Policy%d", i+1), p); err != nil {
			return err
		}
	}
	return nil
}
