import java.io.*;
import java.security.*;
import java.util.*;
import java.util.zip.*;

/** Lists what java.util.zip finds in an archive: `name size sha256`, by random access or as a stream. */
class Read {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("file")) {
      try (ZipFile zip = new ZipFile(args[1])) {
        for (ZipEntry entry : Collections.list(zip.entries())) show(entry, zip.getInputStream(entry));
      }
    } else {
      try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[1]), 1 << 20))) {
        for (ZipEntry entry; (entry = zip.getNextEntry()) != null;) show(entry, zip);
      }
    }
  }

  static void show(ZipEntry entry, InputStream in) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[1 << 20];
    long size = 0;
    for (int read; (read = in.read(buffer)) > 0; size += read) digest.update(buffer, 0, read);
    StringBuilder hex = new StringBuilder();
    for (byte b : digest.digest()) hex.append(String.format("%02x", b));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    out.println(entry.getName() + "\t" + size + "\t" + hex);
  }
}
