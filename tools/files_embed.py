#!/usr/bin/env python3
"""Turns files into C: files_embed.py OUT.c FILE... makes `embedded_files`,
an array of {name, bytes, length} that ends with a NULL name."""
import os
import sys

out = open(sys.argv[1], "w", encoding="ascii")
out.write('/* Made by tools/files_embed.py. */\n'
          '#include "http/embedded.h"\n\n')
names = []
for i, path in enumerate(sorted(sys.argv[2:], key=os.path.basename)):
    data = open(path, "rb").read()
    names.append((os.path.basename(path), i, len(data)))
    out.write("static const unsigned char file_%d[] = {" % i)
    for at in range(0, len(data), 16):
        out.write("\n\t" + " ".join("%d," % b for b in data[at:at + 16]))
    out.write("\n};\n\n")
out.write("const struct embedded_file embedded_files[] = {\n")
for name, i, length in names:
    out.write('\t{"%s", file_%d, %d},\n' % (name, i, length))
out.write("\t{0},\n};\n")
