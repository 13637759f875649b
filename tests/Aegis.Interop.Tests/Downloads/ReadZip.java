import java.io.BufferedInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads an archive forward, without its directory, and prints name, length and SHA-256 of each entry. */
public class ReadZip {
    public static void main(String[] args) throws Exception {
        try (var zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(Path.of(args[0]))))) {
            var buffer = new byte[1 << 16];
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                var digest = MessageDigest.getInstance("SHA-256");
                long length = 0;
                for (int count; (count = zip.read(buffer)) > 0; length += count) digest.update(buffer, 0, count);
                zip.closeEntry();
                System.out.println(entry.getName() + " " + length + " " + HexFormat.of().formatHex(digest.digest()));
            }
        }
    }
}
