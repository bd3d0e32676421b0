# the status page as strings, made when one of its files is newer

ngx_slack_page="$ngx_addon_dir/ngx_slack_notify_module/http/page"

cat << END                                                    >> $NGX_MAKEFILE

$NGX_OBJS/ngx_slack_page.h:	$(echo $ngx_slack_page/*.* $ngx_slack_page/*/*.* $ngx_slack_page/embed)
	sh $ngx_slack_page/embed > \$@.new
	mv -f \$@.new \$@

$NGX_OBJS/addon/http/ngx_slack_http_status_page.o:	$NGX_OBJS/ngx_slack_page.h

END
