// The content security policy allows neither evaluated attributes nor a style sheet made in the page.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
