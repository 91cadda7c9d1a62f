package io.millrace.bare;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The default file system of a machine that shows nothing: no {@code /proc}, no POSIX attributes, no file at all but those of
 * the JDK, which reads its own settings. Every other use fails, and the failure names what was asked for.
 */
public final class BareFileSystemProvider extends FileSystemProvider {
    private final FileSystem bare = new BareFileSystem();
    private final FileSystem hidden;
    private final String jdk = System.getProperty("java.home");

    /** Called by the JVM, which was told so by a system property. */
    public BareFileSystemProvider(FileSystemProvider hidden) {
        this.hidden = hidden.getFileSystem(URI.create("file:///"));
    }

    private static UnsupportedOperationException hidden(Object what) {
        return new UnsupportedOperationException("this machine shows no files: " + what);
    }

    private final class BareFileSystem extends FileSystem {
        @Override
        public FileSystemProvider provider() {
            return BareFileSystemProvider.this;
        }

        @Override
        public void close() {
            throw hidden("close");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public String getSeparator() {
            return "/";
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return List.of();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return List.of();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return Set.of("basic");
        }

        @Override
        public Path getPath(String first, String... more) {
            if (first.startsWith(jdk)) {
                return hidden.getPath(first, more);
            }
            throw hidden(first);
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            throw hidden(pattern);
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            throw hidden("users");
        }

        @Override
        public WatchService newWatchService() {
            throw hidden("watches");
        }
    }

    @Override
    public String getScheme() {
        return "file";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw hidden(uri);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return bare;
    }

    @Override
    public Path getPath(URI uri) {
        throw hidden(uri);
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... set) {
        throw hidden(path);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter) {
        throw hidden(path);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... set) {
        throw hidden(path);
    }

    @Override
    public void delete(Path path) {
        throw hidden(path);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw hidden(source);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw hidden(source);
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw hidden(path);
    }

    @Override
    public boolean isHidden(Path path) {
        throw hidden(path);
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw hidden(path);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        throw new IOException("this machine shows no files: " + path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw hidden(type);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) {
        throw hidden(type);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw hidden(attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw hidden(attribute);
    }
}
