package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

var logRules = []Rule{
	{
		ID:       "logs-under-kms",
		Severity: Error,
		Reason:   "S3 server access logs and the access logs of application and classic load balancers go to SSE-S3 buckets only: under a KMS key they aren't delivered, or nobody can read them.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
		Fix:      "Log to a bucket whose default encryption is AES256, or deliver through CloudWatch vended logs.",
		check:    checkLogs,
	},
}

func checkLogs(c *checker) {
	c.each("AWS::S3::Bucket", func(r *template.Resource) {
		logging := r.Properties().Get("LoggingConfiguration")
		if exists, known := c.exists(r, logging); !known || !exists {
			return
		}
		v := logging.Get("DestinationBucketName")
		name, known := c.text(r, v)
		if name == "" && known { // to itself
			var err error
			if name, err = r.Ref(); err != nil {
				c.unknown(r, v.Path(), err)
				return
			}
		}
		c.checkLogTarget(r, v.Path(), name, known)
	})
	c.each("AWS::ElasticLoadBalancing::LoadBalancer", func(r *template.Resource) {
		v := r.Properties().Get("AccessLoggingPolicy", "S3BucketName")
		name, known := c.text(r, v)
		c.checkLogTarget(r, v.Path(), name, known)
	})
	c.each("AWS::ElasticLoadBalancingV2::LoadBalancer", func(r *template.Resource) {
		typ, known := c.text(r, r.Properties().Get("Type"))
		if !known || typ != "" && typ != "application" {
			return // a network load balancer delivers under a customer managed key
		}
		attributes, err := r.Properties().Get("LoadBalancerAttributes").List()
		if err != nil && !errors.Is(err, template.ErrMissing) {
			c.unknown(r, "", err)
		}
		for _, a := range attributes {
			key, known := c.text(r, a.Get("Key"))
			if strings.HasSuffix(key, "_logs.s3.bucket") && known {
				name, known := c.text(r, a.Get("Value"))
				c.checkLogTarget(r, a.Path(), name, known)
			}
		}
	})
}

func (c *checker) checkLogTarget(r *template.Resource, at, name string, known bool) {
	if !known || name == "" {
		return
	}
	b := c.set.BucketNamed(name)
	switch {
	case b == nil:
		c.unknown(r, at, fmt.Errorf("the default encryption of bucket %s: it is in none of the stacks", name))
	case strings.HasPrefix(b.Algorithm, "aws:kms"):
		severity := Error
		if r.Type == "AWS::S3::Bucket" && b.Algorithm == "aws:kms" && aliasName(b.KeyARN) == "" && b.KeyARN != "" {
			// AWS's page refuses that too; users see logs arrive when the
			// key's policy admits logging.s3.amazonaws.com.
			severity = Warning
		}
		c.findAs(severity, r, at, "logs go to %s, whose default encryption is %s", place(b.Stack().Name, b.LogicalID, b.ConstructPath), b.Algorithm)
	}
}
