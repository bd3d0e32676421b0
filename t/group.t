use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== members
--- config
    location = /hook {
        slack_route acme {
            events member;
            channel dev;
        }
    }
--- hook
member_add.json           => 202 queued member
member_remove.json        => 202 queued member
system_member_update.json => 202 queued member
--- slack
#dev as GitLab
[#334455] pretext: Léo Aldana (laldana) was added to group Acme
  field: Role = Developer (short)
  field: Until = 2026-12-31 (short)
  ts: 1772355600
  fallback: Léo Aldana (laldana) was added to group Acme

#dev as GitLab
[#334455] pretext: Léo Aldana (laldana) was removed from group Acme
  ts: 1772355600
  fallback: Léo Aldana (laldana) was removed from group Acme

#dev as GitLab
[#334455] pretext: Léo Aldana (laldana) has a new role or term in project Rocket
  field: Role = Maintainer (short)
  ts: 1772442000
  fallback: Léo Aldana (laldana) has a new role or term in project Rocket
--- no_error_log
[error]
[alert]



=== actions and projects of members
--- config
    location = /hook {
        slack_route acme {
            events member:remove;
            projects acme;
            channel dev;
        }
    }
--- hook
member_add.json           => 200 filtered member: action
member_remove.json        => 202 queued member
system_member_update.json => 200 filtered member: action
--- slack
#dev as GitLab
[#334455] pretext: Léo Aldana (laldana) was removed from group Acme
  ts: 1772355600
  fallback: Léo Aldana (laldana) was removed from group Acme
--- no_error_log
[error]
[alert]



=== subgroups
--- config
    location = /hook {
        slack_route acme {
            events subgroup;
            channel dev;
        }
    }
--- hook
subgroup_create.json  => 202 queued subgroup
subgroup_destroy.json => 202 queued subgroup
--- slack
#dev as GitLab
[#334455] pretext: Subgroup acme/ground created
  field: Name = Ground (short)
  ts: 1772357400
  fallback: Subgroup acme/ground created

#dev as GitLab
[#334455] pretext: Subgroup acme/ground deleted
  field: Name = Ground (short)
  ts: 1772357400
  fallback: Subgroup acme/ground deleted
--- no_error_log
[error]
[alert]



=== projects
--- config
    location = /hook {
        slack_route acme {
            events project;
            channel dev;
        }
    }
--- hook
project_create.json        => 202 queued project
system_project_rename.json => 202 queued project
--- slack
#dev as GitLab
[#334455] pretext: Project acme/ground/tower created
  field: Name = Tower (short)
  field: Visibility = Private (short)
  field: Owner = Mira Okafor (short)
  ts: 1772358300
  fallback: Project acme/ground/tower created

#dev as GitLab
[#334455] pretext: Project acme/ground/tower renamed, formerly acme/ground/mast
  field: Name = Tower (short)
  field: Visibility = Private (short)
  field: Owner = Mira Okafor (short)
  ts: 1772358300
  fallback: Project acme/ground/tower renamed, formerly acme/ground/mast
--- no_error_log
[error]
[alert]
