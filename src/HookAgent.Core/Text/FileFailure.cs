namespace HookAgent.Core.Text;

/// <summary>Why a file cannot be read or written, for people: the framework's own messages name the path a second time.</summary>
public static class FileFailure
{
    /// <param name="failure">An IOException or UnauthorizedAccessException.</param>
    public static string Words(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it is not there",
        UnauthorizedAccessException => "permission denied",
        _ => failure.Message,
    };
}
