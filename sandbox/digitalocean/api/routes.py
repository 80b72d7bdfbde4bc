"""Every endpoint, with its name for faults."""

from __future__ import annotations

from sandbox.digitalocean.api import apps, databases, deployments, places, rollbacks, running, uptime
from sandbox.vendor_api import Operation as Op

_APP = "/v2/apps/{app}"
_DEPLOYMENT = f"{_APP}/deployments/{{deployment}}"
_DATABASE = "/v2/databases/{database}"
_CHECK = "/v2/uptime/checks/{check}"

OPERATIONS: tuple[Op, ...] = (
    Op("get_account", "GET", "/v2/account", places.account),
    Op("list_apps", "GET", "/v2/apps", apps.listed),
    Op("propose_app", "POST", "/v2/apps/propose", apps.propose, read=True),
    Op("list_regions", "GET", "/v2/apps/regions", places.regions),
    Op("list_instance_sizes", "GET", "/v2/apps/tiers/instance_sizes", places.instance_sizes),
    Op("get_app", "GET", _APP, apps.show),
    Op("update_app", "PUT", _APP, apps.update),
    Op("restart_app", "POST", f"{_APP}/restart", deployments.restart),
    Op("list_deployments", "GET", f"{_APP}/deployments", deployments.listed),
    Op("create_deployment", "POST", f"{_APP}/deployments", deployments.create),
    Op("get_deployment", "GET", _DEPLOYMENT, deployments.show),
    Op("cancel_deployment", "POST", f"{_DEPLOYMENT}/cancel", deployments.cancel),
    Op("validate_rollback", "POST", f"{_APP}/rollback/validate", rollbacks.validate, read=True),
    Op("rollback", "POST", f"{_APP}/rollback", rollbacks.roll_back),
    Op("commit_rollback", "POST", f"{_APP}/rollback/commit", rollbacks.commit),
    Op("revert_rollback", "POST", f"{_APP}/rollback/revert", rollbacks.revert),
    Op("list_instances", "GET", f"{_APP}/instances", running.instances),
    Op("get_health", "GET", f"{_APP}/health", running.health),
    Op("list_alerts", "GET", f"{_APP}/alerts", running.alerts),
    Op("assign_alert", "POST", f"{_APP}/alerts/{{alert}}/destinations", running.assign),
    Op("get_logs", "GET", f"{_APP}/logs", running.logs),
    Op("get_component_logs", "GET", f"{_APP}/components/{{component}}/logs", running.logs),
    Op("get_deployment_logs", "GET", f"{_DEPLOYMENT}/logs", running.logs),
    Op("get_deployment_component_logs", "GET", f"{_DEPLOYMENT}/components/{{component}}/logs", running.logs),
    Op("read_archived_logs", "GET", "/logs/{ticket}/{app}/archive", running.archived, open=True),
    Op("read_live_logs", "GET", "/logs/{ticket}/{app}/live", running.live, open=True),
    Op("list_databases", "GET", "/v2/databases", databases.listed),
    Op("get_database", "GET", _DATABASE, databases.show),
    Op("list_backups", "GET", f"{_DATABASE}/backups", databases.backups),
    Op("list_checks", "GET", "/v2/uptime/checks", uptime.listed),
    Op("get_check", "GET", _CHECK, uptime.show),
    Op("get_check_state", "GET", f"{_CHECK}/state", uptime.state),
    Op("list_check_alerts", "GET", f"{_CHECK}/alerts", uptime.alerts),
)
