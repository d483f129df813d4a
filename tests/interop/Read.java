import java.io.*;
import java.security.*;
import java.util.*;
import java.util.zip.*;

/**
 * Lists what java.util.zip finds in an archive, a line an entry: name, size, sha256, modification time
 * in ms, comment. By random access (file), from the front (stream), or so without sha256 (check).
 */
class Read {
  static final PrintStream OUT;
  static final byte[] buffer = new byte[1 << 20];

  static {
    try {
      OUT = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false, "UTF-8");
    } catch (UnsupportedEncodingException error) {
      throw new AssertionError(error);
    }
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("file")) {
      try (ZipFile zip = new ZipFile(args[1])) {
        for (ZipEntry entry : Collections.list(zip.entries())) show(entry, zip.getInputStream(entry), true);
      }
    } else {
      try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[1]), 1 << 20))) {
        for (ZipEntry entry; (entry = zip.getNextEntry()) != null;) show(entry, zip, args[0].equals("stream"));
      }
    }
    OUT.flush();
  }

  static void show(ZipEntry entry, InputStream in, boolean digesting) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long size = 0;
    for (int read; (read = in.read(buffer)) > 0; size += read) {
      if (digesting) digest.update(buffer, 0, read);
    }
    StringBuilder hex = new StringBuilder();
    for (byte b : digest.digest()) hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    String comment = entry.getComment() == null ? "" : entry.getComment();
    OUT.println(entry.getName() + "\t" + size + "\t" + hex + "\t"
        + entry.getLastModifiedTime().toMillis() + "\t" + comment);
  }
}
