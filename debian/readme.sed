# Makes the README.md of the package of that of the source: a link leads to what is installed, or is none.
/^!\[/d
s#(docs/\([a-z-]*\.md\))#(\1)#g
s#\[[^]]*\](packaging/wasimoff/README\.md)#/usr/share/doc/hookagent-wasimoff/README.md#g
s#\[\([^]]*\)\](\(tests/[^)]*\|CONTRIBUTING\.md\|ARCHITECTURE\.md\))#`\1` of the source#g
