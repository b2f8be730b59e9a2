package dev.weir.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes and signs certificates (RFC 5280). Pure but for keys and serial numbers, which are drawn at random. */
final class CertificateMaker {
  /** For clients whose clocks are behind. */
  private static final Duration BEFORE = Duration.ofHours(1);
  private static final int SERIAL_BITS = 127;
  private static final int LONGEST_COMMON_NAME = 64;

  private final SecureRandom random = new SecureRandom();

  /** A CA that signs servers' certificates and no further CA. */
  Issued authority(KeyKind kind, Instant now, Duration life) throws TlsException {
    KeyPair keys = kind.generate();
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "weir")
        .addRDN(BCStyle.CN, "weir CA " + new BigInteger(32, random).setBit(32).toString(16).substring(1)).build();
    try {
      X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(), Date.from(now.minus(BEFORE)),
          Date.from(now.plus(life)), name, keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(Extension.subjectKeyIdentifier, false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new Issued(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException("a CA could not be made: " + e.getMessage(), e);
    }
  }

  /** A server's certificate, which does not outlive its CA. */
  Issued server(Issued authority, SubjectNames names, KeyKind kind, Instant now, Duration life) throws TlsException {
    X509Certificate issuer = authority.certificate();
    KeyPair keys = kind.generate();
    Instant end = now.plus(life);
    Instant last = issuer.getNotAfter().toInstant();
    Instant from = now.minus(BEFORE);
    Instant first = issuer.getNotBefore().toInstant();
    try {
      X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer, serial(),
          Date.from(from.isBefore(first) ? first : from), Date.from(end.isAfter(last) ? last : end), subject(names),
          keys.getPublic());
      addExtensions(builder, issuer, names, keys.getPublic());
      return new Issued(sign(builder, authority.key()), keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException("a certificate for " + names + " could not be made: " + e.getMessage(), e);
    }
  }

  private static void addExtensions(X509v3CertificateBuilder builder, X509Certificate issuer, SubjectNames names,
      PublicKey key) throws IOException, GeneralSecurityException {
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    int usage = KeyUsage.digitalSignature | (key.getAlgorithm().equals("RSA") ? KeyUsage.keyEncipherment : 0);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
    builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
    builder.addExtension(Extension.authorityKeyIdentifier, false,
        identifiers.createAuthorityKeyIdentifier(issuer.getPublicKey()));
  }

  private static GeneralNames alternatives(SubjectNames names) {
    List<GeneralName> all = new ArrayList<>();
    names.hosts().forEach(host -> all.add(new GeneralName(GeneralName.dNSName, host)));
    names.addresses().forEach(address -> all.add(new GeneralName(GeneralName.iPAddress, address)));
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  /** For people who look at it; what counts are the alternative names. */
  private static X500Principal subject(SubjectNames names) {
    String first = names.all().filter(name -> name.length() <= LONGEST_COMMON_NAME).findFirst().orElse("weir");
    return new X500Principal("CN=\"" + first + "\"");
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(TlsMaterial.signatureOf(key)).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e.getMessage(), e);
    }
  }
}
