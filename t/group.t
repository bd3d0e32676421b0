use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: members
--- config
    location = /hook {
        slack_route acme {
            events member;
            channel dev;
        }
    }
--- hook
member_add.json
member_remove.json
system_member_update.json
--- answers
202 {"status":"queued","event":"member","messages":1}
202 {"status":"queued","event":"member","messages":1}
202 {"status":"queued","event":"member","messages":1}
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



=== TEST 2: actions and projects of members
--- config
    location = /hook {
        slack_route acme {
            events member:remove;
            projects acme;
            channel dev;
        }
    }
--- hook
member_add.json
member_remove.json
system_member_update.json
--- answers
200 {"status":"filtered","reason":"action","event":"member"}
202 {"status":"queued","event":"member","messages":1}
200 {"status":"filtered","reason":"action","event":"member"}
--- slack
#dev as GitLab
[#334455] pretext: Léo Aldana (laldana) was removed from group Acme
  ts: 1772355600
  fallback: Léo Aldana (laldana) was removed from group Acme
--- no_error_log
[error]
[alert]



=== TEST 3: subgroups
--- config
    location = /hook {
        slack_route acme {
            events subgroup;
            channel dev;
        }
    }
--- hook
subgroup_create.json
subgroup_destroy.json
--- answers
202 {"status":"queued","event":"subgroup","messages":1}
202 {"status":"queued","event":"subgroup","messages":1}
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



=== TEST 4: projects
--- config
    location = /hook {
        slack_route acme {
            events project;
            channel dev;
        }
    }
--- hook
project_create.json
system_project_rename.json
--- answers
202 {"status":"queued","event":"project","messages":1}
202 {"status":"queued","event":"project","messages":1}
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
