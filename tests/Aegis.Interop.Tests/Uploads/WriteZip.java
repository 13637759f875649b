import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs files as Java does: deflated, with the sizes after the data. */
public class WriteZip {
    public static void main(String[] args) throws Exception {
        try (var zip = new ZipOutputStream(Files.newOutputStream(Path.of(args[0])))) {
            for (int i = 1; i < args.length; i++) {
                zip.putNextEntry(new ZipEntry("study/" + Path.of(args[i]).getFileName()));
                Files.copy(Path.of(args[i]), zip);
                zip.closeEntry();
            }
        }
    }
}
