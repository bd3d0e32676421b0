# What util/run says can be tried next; sourced by it, for bash.


show_more() {
    local data channel=builds

    data=$(printf '%q' "$SAMPLES")

    if [[ -z $SLACK ]]; then
        channel=$CHANNEL
    fi

    cat <<END

Addresses
    webhook         $HOOK
    token           $TOKEN
${SLACK:+"    Slack's page    $SLACK"
}    configuration   $PREFIX/conf/nginx.conf
    error log       $PREFIX/logs/error.log
    access log      $PREFIX/logs/access.log

To try next: paste this function into another shell,

    hook() {
        curl -sS --noproxy '*' --data-binary @$data/"\$1".json \\
            -H 'Content-Type: application/json' \\
            -H "X-Gitlab-Event: \$2 Hook" -H 'X-Gitlab-Token: $TOKEN' \\
            -H "Idempotency-Key: \$RANDOM\$RANDOM" $HOOK
    }

then other events,

    hook push Push
    hook issue_open Issue
    hook note_issue Note
    hook issue_close Issue
    hook issue_confidential_open 'Confidential Issue'

of which the comment replies to the issue, and closing it changes its message;
END

    cat <<END

what waits and what went wrong, and a test message:

    export SLACKCTL_URL=http://127.0.0.1:$PORT/slack/

    $(printf '%q' "$ROOT/util/slackctl") status
    $(printf '%q' "$ROOT/util/slackctl") test acme $channel
END

    if [[ -n $SLACK ]]; then
        cat <<END

and a Slack in trouble, which nginx outlasts:

    fault() {
        curl -sS --noproxy '*' -d "[\"\$1\"]" -o /dev/null \\
            -w "the next request gets \$1 (%{http_code})\\n" ${SLACK}_fault
    }

    fault 500:oops; hook push Push
    fault '429:slow down;Retry-After: 5'; hook push Push
    fault hang; hook push Push
END
    fi

    say ""

    if [[ -t 0 ]]; then
        say "Enter tells of another merge request, Ctrl-C ends it."
    else
        say "Ctrl-C ends it."
    fi
}
