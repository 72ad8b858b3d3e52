"""Where the kit speaks AWS: Route 53's own API, lint, and infrastructure as code, on top of the lab's own objects.

    what boto3, the AWS CLI or a template says  ->  zones, records and health checks  ->  what AWS would answer

Nothing in the core imports this package, and importing it loads no AWS library: botocore is loaded on first use.
"""
