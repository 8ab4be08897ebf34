package s3

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

var (
	_ api.Checker = BucketProvider{}
	_ api.Checker = BucketPolicyProvider{}
)

// Check implements api.Checker. What a property may say is left to Create where
// it depends on other buckets or on values that may not be known yet.
func (p BucketProvider) Check(raw json.RawMessage) error {
	want, err := readBucketProperties(api.Known(raw, bucketProperties{}))
	if err != nil {
		return err
	}
	if err := want.checkNaming(); err != nil {
		return err
	}
	if want.BucketEncryption != nil {
		if _, err := want.BucketEncryption.rule(); err != nil {
			return api.At("BucketEncryption", err)
		}
	}
	if err := want.checkOwnership(); err != nil {
		return api.At("OwnershipControls", err)
	}
	return nil
}

// checkNaming leaves out whose namespace it is: account and Region are not
// known here, and a prefix is checked with a short suffix.
func (p bucketProperties) checkNaming() error {
	n := p.naming()
	if strings.Contains(n.namespace, api.NotYetKnown) {
		return nil
	}
	if err := n.check(); err != nil {
		return err
	}
	property, name := "BucketName "+n.name, n.name
	if n.prefix != "" {
		property, name = "BucketNamePrefix "+n.prefix, n.prefix+regionalSuffix("000000000000", "us-east-1")
	}
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		return nil
	}
	if err := checkBucketName(name, n.namespace); err != nil {
		return api.At(property, err)
	}
	return nil
}

// Check implements api.Checker. The policy's grammar is checked; whether it fits
// the bucket is known only once there is one.
func (p BucketPolicyProvider) Check(raw json.RawMessage) error {
	want, err := readBucketPolicy(api.Known(raw, bucketPolicyProperties{}))
	if err != nil {
		return err
	}
	if _, err := iam.ParseDocument(api.KnownPolicy(want.PolicyDocument)); err != nil {
		return api.Errorf(400, "MalformedPolicy", "PolicyDocument: %s", oneLine(err))
	}
	return nil
}
